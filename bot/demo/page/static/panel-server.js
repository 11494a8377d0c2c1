/* What the panel asks of the demo's server: one act at a time by POST, and the state as a stream of events.
   Whatever goes wrong comes out as a sentence, so that the panel can show it as it stands. */

const GONE = "The demo does not answer. Start it again with: prewarm-bot demo";

/** Post a JSON body to /cloud/…; resolves to the sentence that says what happened, rejects with one that says why not. */
export async function act(path, body = {}) {
  const answer = await ask(`/cloud/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.said;
}

/** The words on switches and buttons, and what a task can be made of. */
export function catalogue() {
  return ask("/cloud/catalogue");
}

/** Call `onState` with each state, and `onLost` when the stream breaks; the browser connects again by itself. */
export function listen(onState, onLost) {
  const stream = new EventSource("/cloud/events");
  stream.onmessage = (event) => onState(JSON.parse(event.data));
  stream.onerror = () => {
    onLost("The connection to the demo is lost; trying again.");
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(() => listen(onState, onLost), 2000); // after a refusal the browser would give up for good
    }
  };
}

async function ask(address, options) {
  const response = await fetch(address, options).catch(() => {
    throw new Error(GONE);
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.error ?? `The demo refused this (HTTP ${response.status}).`);
  }
  return answer;
}
