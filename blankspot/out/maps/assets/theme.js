// Light or dark: as the system says, until the reader says otherwise. A link carries the reader's choice.

const DARK = "(prefers-color-scheme: dark)";

/** Give the scene `dark`, `setTheme` and `onTheme(build)`; `build` runs now and after every change. */
function makeTheme(scene, page, layer) {
  const system = window.matchMedia(DARK);
  const builds = [];
  let chosen = "";

  function apply() {
    scene.dark = chosen ? chosen === "dark" : system.matches;
    page.classList.toggle("bs-dark", scene.dark);
    layer.repaint();
    for (const build of builds) build();
  }

  scene.onTheme = (build) => {
    builds.push(build);
    build();
  };
  scene.setTheme = (theme) => {
    chosen = theme;
    apply();
    scene.state.changed();
  };
  system.addEventListener("change", apply);
  scene.state.register("theme", {
    get: () => chosen,
    set: (text) => scene.setTheme(["dark", "light"].includes(text) ? text : ""),
  });
  apply();
}
