const { answerOf } = require('./invocation.js');

const deadlineMs = 30_000;
const pauseMs = 100;

/**
 * Waits before a request that changes nothing until the body of its answer satisfies `isThere`, because read models and automations
 * are late for a short time. After the deadline the request is sent anyway, and its assertions show what is missing.
 */
module.exports = async (bru, req, isThere) => {
  const request = {
    method: req.getMethod(),
    url: bru.interpolate(req.getUrl()),
    headers: req.getHeaders(),
    data: bru.interpolate(req.getBody({ raw: true })),
  };
  for (const deadline = Date.now() + deadlineMs; Date.now() < deadline; await bru.sleep(pauseMs)) {
    if (isThere(await bodyOf(bru, request))) return;
  }
};

/** The body of the answer. It is empty if the request fails, so the caller waits and tries again. */
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
