// What the page knows of the workspace, as one person sees it. Everything on the page reads from here and hears of
// changes from here, so that a lost connection or a change of person is one `load`.

export class Store extends EventTarget {
  me = "";
  bot = "";
  people = {};
  channels = new Map(); // by ID
  home = null;
  panel = false; // whether there is a panel on the cloud
  #messages = new Map(); // channel -> Map of ts -> message
  #seen = new Map(); // person and channel -> the last ts that was before their eyes

  /** Begin anew with what /chat/state says. Tells `loaded`. */
  load(state) {
    const { me, bot, people, home, panel } = state;
    Object.assign(this, { me, bot, people, home, panel });
    this.#setChannels(state.channels);
    const byTs = (list) => new Map(list.map((message) => [message.ts, message]));
    this.#messages = new Map(Object.entries(state.messages).map(([channel, list]) => [channel, byTs(list)]));
    this.#tell("loaded");
  }

  /** Take one change of the stream: `message`, `channels` or `home`, told under the same name. */
  apply(name, data) {
    if (name === "message") this.#message(data);
    if (name === "channels") this.#setChannels(data.channels);
    if (name === "home") this.home = data;
    this.#tell(name, data);
  }

  /** The messages of a channel outside threads, oldest first. */
  top(channel) {
    return this.#sorted(channel, (message) => !message.thread_ts);
  }

  /** The replies to a message, oldest first. */
  replies(channel, ts) {
    return this.#sorted(channel, (message) => message.thread_ts === ts);
  }

  message(channel, ts) {
    return this.#messages.get(channel)?.get(ts);
  }

  /** How many messages of others came since the channel was last looked at. */
  unread(channel) {
    const seen = this.#seen.get(`${this.me} ${channel}`) ?? "";
    return this.#sorted(channel, (message) => message.ts > seen && message.user !== this.me).length;
  }

  /** Everything in this channel is before the person's eyes now. Tells `seen`. */
  see(channel) {
    const latest = this.#sorted(channel, () => true).at(-1)?.ts ?? "";
    this.#seen.set(`${this.me} ${channel}`, latest);
    this.#tell("seen");
  }

  /** The direct messages with the bot. */
  get direct() {
    return [...this.channels.values()].find((channel) => channel.kind === "direct");
  }

  nameOf(user) {
    return this.people[user]?.name ?? user;
  }

  #message({ kind, message }) {
    if (!this.#messages.has(message.channel)) this.#messages.set(message.channel, new Map());
    const known = this.#messages.get(message.channel);
    if (kind === "deleted") known.delete(message.ts);
    else known.set(message.ts, message);
  }

  #setChannels(channels) {
    this.channels = new Map(channels.map((channel) => [channel.id, channel]));
  }

  #sorted(channel, wanted) {
    const messages = [...(this.#messages.get(channel)?.values() ?? [])].filter(wanted);
    return messages.sort((one, other) => (one.ts < other.ts ? -1 : 1));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
