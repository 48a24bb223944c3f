// The address: what is looked at, written after `#`, so that a view can be sent to somebody else or kept as a bookmark.
//
// Every feature registers what it wants kept: `scene.state.register(key, { get, set })`. `get` returns a short text, ""
// where the feature stands as it stood at first; `set` takes such a text, "" for the first standing. Whatever else an
// address says is left aside: a link may be cut short or written by anybody.

const WRITE_AFTER = 250; // milliseconds of rest before the address is written
const READABLE = /%(2C|3A|2F|3B|40|20)/gi; // , : / ; @ and the space are safe after `#`, and can be read
const ADDRESS_MAX = 2000; // characters; what a messenger passes on whole

/** Read `#key=text&key=text` into a map; rubbish gives no entry. */
function readAddress(hash) {
  const found = new Map();
  for (const pair of hash.replace(/^#/, "").slice(0, ADDRESS_MAX).split("&")) {
    const at = pair.indexOf("=");
    if (at < 1) continue;
    try {
      found.set(pair.slice(0, at), decodeURIComponent(pair.slice(at + 1).replaceAll("+", " ")));
    } catch {
      continue; // a % that begins no letter
    }
  }
  return found;
}

/** Write texts as an address that can be read: spaces as +, no more signs escaped than must be (a + of the text is). */
function writeAddress(entries) {
  const escaped = (text) => encodeURIComponent(text).replace(READABLE, (sign) => (sign === "%20" ? "+" : decodeURIComponent(sign)));
  return entries.map(([key, text]) => `${key}=${escaped(text)}`).join("&");
}

function makeState() {
  const kept = new Map();
  let known = location.hash; // as last read or written
  let given = readAddress(known);
  let started = false;
  let timer = 0;

  const address = () => writeAddress([...kept].map(([key, { get }]) => [key, get()]).filter(([, text]) => text !== ""));

  function put(key, text) {
    try {
      kept.get(key).set(text);
    } catch (error) {
      console.warn(`address: ${key}`, error);
    }
  }

  function write() {
    timer = 0;
    const hash = address();
    if (hash === known.replace(/^#/, "") || location.hash !== known) return; // a new address is about to be read
    try {
      history.replaceState(history.state, "", "#" + hash);
      known = location.hash;
    } catch {
      return; // a page inside a notebook has no address of its own
    }
  }

  const state = {
    /** Keep `key`; where the page is already open, what the address said of it is put at once. */
    register(key, feature) {
      kept.set(key, feature);
      if (started && given.has(key)) put(key, given.get(key));
    },
    /** Something changed that is kept; the address follows once things rest. */
    changed() {
      if (started) timer ||= setTimeout(write, WRITE_AFTER);
    },
    /** Tell whether the address that the page was opened with, or last changed to, says anything of `key`. */
    gives: (key) => given.has(key),
    /** The address of what is seen now, for a link. */
    address,
    /** Put what another address says, so that everything but the keys to `leave` stands as it tells. */
    apply(text, { leave = [] } = {}) {
      given = readAddress(text);
      for (const key of [...kept.keys()]) if (!leave.includes(key)) put(key, given.get(key) ?? "");
      state.changed();
    },
    /** Put what the address says, once everything is built. */
    start() {
      started = true;
      for (const key of [...kept.keys()]) if (given.has(key)) put(key, given.get(key));
      state.changed();
    },
  };
  window.addEventListener("hashchange", () => {
    known = location.hash;
    state.apply(known);
  });
  return state;
}
