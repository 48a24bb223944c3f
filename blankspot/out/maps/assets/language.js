// Two languages in one file. `scene.t` and `scene.labels` stay the same objects and change what they hold, so that whoever
// took them when it was built reads the words of now; what has already been written is written again.

const LOCALES = { id: "id-ID", en: "en-GB" };
const DAY = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
const SAID_IN = ["label", "placeholder", "title"]; // attributes that are read out or shown

/** Give a scene its words, numbers and days, and `scene.onLanguage(build)`: `build` runs now and after every change. */
function addLanguage(scene, header) {
  const builds = [];
  const formats = new Map();
  const format = (Kind, options) => {
    const key = [scene.locale, ...Object.values(options)].join(" ");
    if (!formats.has(key)) formats.set(key, new Kind(scene.locale, options));
    return formats.get(key);
  };
  scene.languages = Object.keys(header.texts).filter((lang) => LOCALES[lang]);
  scene.t = {};
  scene.labels = {};

  function speak(lang) {
    scene.lang = lang;
    scene.locale = LOCALES[lang];
    Object.assign(scene.t, header.texts[lang]);
    for (const [kind, words] of Object.entries(header.labels[lang])) Object.assign((scene.labels[kind] ??= {}), words);
    scene.shell = header.shell[lang];
  }

  scene.number = (value, decimals = 0) => format(Intl.NumberFormat, { maximumFractionDigits: decimals }).format(value);
  scene.exactly = (value, decimals) => format(Intl.NumberFormat, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
  scene.inPercent = (share) => scene.exactly(share * 100, 1);
  scene.percent = (share) => scene.inPercent(share) + "\u00a0%";
  scene.day = (days) => format(Intl.DateTimeFormat, DAY).format(new Date(days * 86400000));
  scene.onLanguage = (build) => {
    builds.push(build);
    build();
  };
  scene.setLanguage = (lang) => {
    if (!scene.languages.includes(lang) || lang === scene.lang) return;
    speak(lang);
    for (const build of builds) build();
    scene.state.changed();
  };
  speak(header.lang);
}

/** Write the words that the page came with in the language of now: `data-t` names the text of an element. */
function translatePage(scene, page) {
  const word = (key) => scene.shell[key] ?? scene.t[key];
  page.lang = scene.lang;
  if (document.documentElement.lang) document.documentElement.lang = scene.lang;
  for (const element of page.querySelectorAll("[data-t]")) {
    const text = word(element.dataset.t);
    if (text !== undefined && element.textContent !== text) element.textContent = text;
  }
  for (const name of SAID_IN) {
    for (const element of page.querySelectorAll(`[data-t-${name}]`)) {
      const text = word(element.getAttribute(`data-t-${name}`));
      if (text !== undefined) element.setAttribute(name === "label" ? "aria-label" : name, text);
    }
  }
}

/** The switch between the languages of the file. */
function makeLanguages(scene, page, place) {
  const buttons = scene.languages.map((lang) => {
    const button = el("button", "bs-language", lang.toUpperCase());
    button.type = "button";
    button.lang = lang;
    button.dataset.lang = lang;
    button.setAttribute("aria-label", scene.header.texts[lang].language);
    button.addEventListener("click", () => scene.setLanguage(lang));
    return button;
  });
  place.append(...buttons);
  scene.onLanguage(() => {
    translatePage(scene, page);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.lang === scene.lang));
  });
  scene.state.register("lang", {
    get: () => (scene.lang === scene.header.lang ? "" : scene.lang),
    set: (text) => scene.setLanguage(text || scene.header.lang),
  });
}

/** Name the source of the borders in the corner of the map, as text: Leaflet's own line would read markup there. */
function makeAttribution(scene, map) {
  const Credit = L.Control.extend({ onAdd: () => el("div", "bs-credit", data("")) });
  const credit = new Credit({ position: "bottomright" }).addTo(map).getContainer();
  scene.onLanguage(() => {
    credit.firstChild.textContent = scene.shell.attribution;
    credit.hidden = !scene.shell.attribution;
  });
}
