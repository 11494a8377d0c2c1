// The way to the demo's server and back. A browser keeps few connections to one address, so a page that nobody looks at
// lets its stream go and goes on from the same position when it is looked at again.

const RETRY = 1500; // milliseconds until the state is asked for again where the stream was refused

/** Ask the server to do something; throws an Error with a sentence for people. */
export async function post(path, body) {
  return answered(
    fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  );
}

export async function get(path) {
  return answered(fetch(path));
}

async function answered(asking) {
  let answer;
  try {
    answer = await asking;
  } catch {
    throw new Error("The demo does not answer. Is it still running in the terminal?");
  }
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

/** Keeps a store as the server has it, for one person at a time. `status` hears connected or reconnecting. */
export class Wire {
  #store;
  #status;
  #stream = null;
  #position = "";
  #retry = 0;

  constructor(store, status) {
    this.#store = store;
    this.#status = status;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
  }

  /** Load what this person sees, and follow the changes from there; tried again until it works. */
  async begin(me) {
    this.#close();
    clearTimeout(this.#retry);
    try {
      const state = await get(`/chat/state?me=${encodeURIComponent(me)}`);
      this.#position = state.position;
      this.#store.load(state);
      this.#open();
    } catch {
      this.#lost(me);
    }
  }

  #open() {
    if (this.#stream || !this.#position || document.hidden) return;
    const me = this.#store.me;
    const query = new URLSearchParams({ me, after: this.#position });
    const stream = new EventSource(`/chat/events?${query}`);
    this.#stream = stream;
    stream.addEventListener("open", () => this.#status("connected"));
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) this.#lost(me);
      else this.#status("reconnecting");
    });
    stream.addEventListener("reset", () => this.begin(me));
    for (const name of ["message", "channels", "home"]) {
      stream.addEventListener(name, (event) => {
        this.#position = event.lastEventId;
        this.#store.apply(name, JSON.parse(event.data));
      });
    }
  }

  #close() {
    this.#stream?.close();
    this.#stream = null;
  }

  #lost(me) {
    this.#close();
    this.#status("reconnecting");
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.begin(me), RETRY);
  }
}
