// folium's popups ask jQuery for one thing: an element made from their own markup. This does that without jQuery.
if (!window.$) {
  window.$ = (what) => {
    if (typeof what !== "string") return { ready: (run) => run() };
    return [new DOMParser().parseFromString(what, "text/html").body.firstElementChild];
  };
}
