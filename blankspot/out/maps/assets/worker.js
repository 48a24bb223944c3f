// The engine in a worker: one thread unpacks, paints tiles and finds what is under a finger, so that the page never waits.

const HELLO_WITHIN = 4000; // milliseconds after which a worker that says nothing is taken for one that cannot run

/** Answer the page from inside a worker. Jobs wait in a queue, so that those no longer wanted can be taken out of it. */
function serveEngine(port) {
  let engine = null;
  const jobs = new Map();
  const turn = new MessageChannel();
  const answers = {
    async open({ text }) {
      const buffer = await unzip(text);
      const unpacked = unpack(buffer);
      port.postMessage({ kind: "data", buffer });
      engine = makeEngine(unpacked);
      port.postMessage({ kind: "ready", boxes: engine.boxes });
    },
    style: ({ layer, style }) => engine.style(layer, style),
    drop: ({ layer }) => engine.drop(layer),
    cancel: ({ id }) => jobs.delete(id),
    tile(job) {
      jobs.set(job.id, job);
      turn.port2.postMessage(null);
    },
    hit: ({ id, layer, wx, wy, scale, reach }) => port.postMessage({ kind: "done", id, found: engine.hit(layer, wx, wy, scale, reach) }),
  };
  turn.port1.onmessage = () => {
    const [job] = jobs.values();
    if (!job) return;
    jobs.delete(job.id);
    const { id, layer, view } = job;
    const canvas = blankCanvas(view.width * view.ratio, view.height * view.ratio);
    engine.paint(canvas.getContext("2d"), layer, view);
    const found = canvas.transferToImageBitmap();
    port.postMessage({ kind: "done", id, found }, [found]);
  };
  port.onmessage = async ({ data }) => {
    try {
      await answers[data.kind](data);
    } catch (error) {
      port.postMessage({ kind: "failed", text: String(error?.stack ?? error) });
    }
  };
  port.postMessage({ kind: "hello" });
}

/** Return a worker that runs `source`, once it has said hello; null where this browser gives none. */
function startWorker(source) {
  if (typeof Worker === "undefined" || typeof OffscreenCanvas === "undefined" || !source) return Promise.resolve(null);
  return new Promise((resolve) => {
    let worker = null;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const end = (found) => {
      clearTimeout(timer);
      URL.revokeObjectURL(address);
      if (!found) worker?.terminate();
      resolve(found);
    };
    const timer = setTimeout(end, HELLO_WITHIN, null);
    try {
      worker = new Worker(address);
      worker.onmessage = () => end(worker);
      worker.onerror = (event) => {
        event.preventDefault();
        end(null);
      };
    } catch {
      end(null);
    }
  });
}

/** Open the payload in a worker and return what the page needs of it; null where the worker cannot. */
async function remoteEngine(worker, text) {
  const waiting = new Map();
  let next = 0, buffer = null;
  let boxes = null;
  boxes = await new Promise((resolve) => {
    worker.onerror = () => resolve(null);
    worker.onmessage = ({ data }) => {
      if (data.kind === "data") ({ buffer } = data);
      else if (data.kind === "ready") resolve(data.boxes);
      else if (data.kind === "failed") boxes ? console.error(data.text) : resolve(null);
      else if (data.kind === "done") {
        waiting.get(data.id)?.(data.found);
        waiting.delete(data.id);
      }
    };
    worker.postMessage({ kind: "open", text });
  });
  if (!boxes) {
    worker.terminate();
    return null;
  }
  const ask = (message) =>
    new Promise((resolve) => {
      const id = ++next;
      waiting.set(id, resolve);
      worker.postMessage({ ...message, id });
    });
  const cancel = (id) => {
    waiting.get(id)?.(null);
    waiting.delete(id);
    worker.postMessage({ kind: "cancel", id });
  };
  const wanted = new WeakMap(); // canvas → the job that paints it
  return {
    remote: true, buffer, boxes,
    style: (layer, style) => worker.postMessage({ kind: "style", layer, style }),
    drop: (layer) => worker.postMessage({ kind: "drop", layer }),
    hit: (layer, wx, wy, scale, reach) => ask({ kind: "hit", layer, wx, wy, scale, reach }),
    async paint(canvas, layer, view) {
      if (wanted.has(canvas)) cancel(wanted.get(canvas));
      const answer = ask({ kind: "tile", layer, view });
      wanted.set(canvas, next);
      const bitmap = await answer;
      if (!bitmap) return false;
      wanted.delete(canvas);
      const ctx = canvas.getContext("2d");
      ctx.globalCompositeOperation = "copy";
      ctx.drawImage(bitmap, 0, 0);
      bitmap.close();
      return true;
    },
    forget: (canvas) => wanted.has(canvas) && cancel(wanted.get(canvas)),
  };
}

/** The same face over an engine in the page. */
function nearEngine(near) {
  return {
    remote: false, boxes: near.boxes, style: near.style, drop: near.drop,
    hit: async (...asked) => near.hit(...asked),
    async paint(canvas, layer, view) {
      near.paint(canvas.getContext("2d"), layer, view);
      return true;
    },
    forget() {},
  };
}

/** Open a payload: { header, part, boxes } for the scene, and the engine's face. `near()` is an engine in the page itself. */
async function openEngine(text, source) {
  if (typeof DecompressionStream === "undefined") throw new Error("this browser cannot unpack the map");
  const worker = await startWorker(source);
  const remote = worker && (await remoteEngine(worker, text));
  const unpacked = unpack(remote ? remote.buffer : await unzip(text));
  let near = null;
  const nearby = () => (near ??= makeEngine(unpacked));
  return { ...unpacked, ...(remote ?? nearEngine(nearby())), near: nearby };
}
