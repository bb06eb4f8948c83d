const deadlineMs = 30_000;
const pauseMs = 100;

/**
 * Holds a GET request back until its answer's body satisfies `isThere`: read models and automations take their moment.
 * After the deadline it is sent all the same, and its assertions say what is missing.
 */
module.exports = async (bru, req, isThere) => {
  const url = bru.interpolate(req.getUrl());
  const headers = req.getHeaders();
  for (const deadline = Date.now() + deadlineMs; Date.now() < deadline; await bru.sleep(pauseMs)) {
    if (isThere(await bodyOf(bru, { method: 'GET', url, headers }))) return;
  }
};

/** An empty one where the request fails: not there yet, as far as anyone can tell. */
async function bodyOf(bru, request) {
  try {
    return (await bru.sendRequest(request)).data ?? {};
  } catch {
    return {};
  }
}
