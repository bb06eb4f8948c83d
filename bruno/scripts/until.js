const { answerOf } = require('./invocation.js');

const deadlineMs = 30_000;
const pauseMs = 100;

/**
 * Holds a GET request back until its answer's body satisfies `isThere`: read models and automations take their moment.
 * After the deadline it is sent all the same, and its assertions say what is missing.
 */
module.exports = async (bru, req, isThere) => {
  const request = {
    method: req.getMethod(),
    url: bru.interpolate(req.getUrl()),
    headers: req.getHeaders(),
    data: req.getBody({ raw: true }),
  };
  for (const deadline = Date.now() + deadlineMs; Date.now() < deadline; await bru.sleep(pauseMs)) {
    if (isThere(await bodyOf(bru, request))) return;
  }
};

/** An empty one where the request fails: not there yet, as far as anyone can tell. */
async function bodyOf(bru, request) {
  try {
    const { data } = await bru.sendRequest(request);
    if (!bru.getVar('invokedDirectly')) return data ?? {};
    const { status, body } = answerOf(data);
    return status < 300 ? body : {};
  } catch {
    return {};
  }
}
