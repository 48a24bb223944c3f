// Corrections: every village's card has a code and a form with which a participant reports an error. The form sends nothing:
// it makes a text to copy, a link that is followed on a click, or a file to save. `blankspot check` reads all of them
// (corrections.py says how a message is written and why it survives its way; `tidy` here is `tidy` there).

const DETAILS_MAX = 1000; // characters of a remark
const NUMBER_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // none that is taken for another
const UNSEEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]|[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;
const RUNS = /^[=+\-@]/;

/** The code of a village on this map, "" where its key is no code; check digits by ISO/IEC 7064, MOD 97-10. */
function correctionCode(villageCode, version) {
  const found = /^(bps:)?(\d{10}|\d\d\.\d\d\.\d\d\.\d{4})$/.exec(villageCode);
  if (!found) return "";
  let rest = 0;
  for (const digit of (found[1] ? "1" : "") + found[2].replace(/\D/g, "") + version + "00") rest = (rest * 10 + Number(digit)) % 97;
  return `${villageCode}-${version}-${String(98 - rest).padStart(2, "0")}`;
}

/** The one spelling of a text that messengers cannot take from it. */
function tidy(text, { names, end }) {
  const quote = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "\\s+");
  const inside = new RegExp(`(?<![\\p{L}\\p{N}_])(${names.map(quote).join("|")})[*_\\s]*[:=]\\s*`, "giu");
  const plain = text.normalize("NFC").replace(UNSEEN, "")
    .replace(/[\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4]/g, "'").replace(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g, '"').replace(/\u2026/g, "...")
    .replace(/[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+/g, "-").replace(/\s+/g, " ").trim()
    .replace(/#(?=#)/g, "").replace(new RegExp(quote(end), "gi"), end.slice(1));
  return plain.replace(inside, "$1 - ").replace(/\s+/g, " ").trim();
}

/** An answer as the text of a message: one labelled line per field that is filled in. */
function correctionMessage(rule, answer) {
  const lines = Object.entries(rule.labels).map(([name, label]) => [label, tidy(answer[name] ?? "", rule)]).filter(([, text]) => text);
  return [rule.title, ...lines.map((line) => line.join(": ")), rule.end, ""].join("\n");
}

/** The same as one row of a table under the headings of the template; what a spreadsheet would run is disarmed. */
function correctionTable(rule, answer) {
  const at = answer.position ? (/^\s*(-?\d+\.\d+)\s*[,;]\s*(-?\d+\.\d+)\s*$/.exec(answer.position) ?? [0, answer.position, answer.position]) : [];
  const row = { ...answer, village_code: answer.correction_code.replace(/-\d{6}-\d\d$/, ""), lat: at[1], lon: at[2] };
  const cell = (text) => `"${String(text).replace(RUNS, (sign) => (/^-?\d+\.\d+$/.test(text) ? sign : "'" + sign)).replace(/"/g, '""')}"`;
  const names = Object.keys(rule.headings).filter((name) => row[name]);
  return `\ufeff${names.map((name) => cell(rule.headings[name])).join(",")}\r\n${names.map((name) => cell(tidy(row[name], rule))).join(",")}\r\n`;
}

/** Add code and form to the cards of villages. */
function withCorrection(scene, details, page) {
  const { t } = scene;
  const rule = scene.header.correction;
  const form = makeCorrectionForm(scene, page, rule);
  scene.correctionCode = (row) => correctionCode(scene.villages.code(row), rule.version);
  scene.cardOf = details.villages;
  scene.correctionMessage = (answer) => correctionMessage(rule, answer);
  const villages = (row) => {
    const card = details.villages(row);
    const code = scene.correctionCode(row);
    const ask = el("button", "bs-button", t.correct_open);
    const print = el("button", "bs-button", t.print_village);
    ask.type = print.type = "button";
    ask.dataset.bs = "correct";
    print.dataset.bs = "print-village";
    ask.addEventListener("click", () => form.open(row, code));
    print.addEventListener("click", () => scene.print.village(row));
    const part = el("section", "bs-correct", el("h3", "", t.correct_head));
    if (code) part.append(el("p", "bs-small", `${t.correct_code} `, el("strong", "bs-code", code)));
    part.append(el("p", "bs-correct-buttons", code && ask, print));
    card.append(part);
    return card;
  };
  return { ...details, villages };
}

function randomNumber() {
  return [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => NUMBER_SIGNS[byte % NUMBER_SIGNS.length]).join("");
}

function today() {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
}

function makeCorrectionForm(scene, page, rule) {
  const { t, labels } = scene;
  const dialog = el("dialog", "bs-dialog");
  dialog.id = `${scene.name}_correct`;
  page.append(dialog);

  function open(row, code) {
    const number = randomNumber();
    const fields = {};
    const field = (name, title, input, note) => {
      input.id = `${dialog.id}_${name}`;
      input.dataset.field = name;
      input.classList.add("bs-input");
      fields[name] = input;
      const caption = el("label", "", title);
      caption.htmlFor = input.id;
      return el("div", "bs-field", caption, input, note && el("p", "bs-small", note));
    };
    const input = (type, options = {}) => Object.assign(el("input", ""), { type, maxLength: 200, autocomplete: "off", ...options });
    const claims = el("fieldset", "bs-claims", el("legend", "", t.correct_claim));
    for (const claim of rule.claims) {
      const choice = Object.assign(el("input", ""), { type: "radio", name: `${dialog.id}_claim`, value: claim });
      claims.append(el("label", "bs-claim", choice, el("span", "", labels.claim[claim])));
    }
    const operator = el("select", "bs-select", new Option("–", ""), ...Object.keys(labels.operator).map((name) => new Option(labels.operator[name], name)));
    const text = Object.assign(el("textarea", ""), { maxLength: DETAILS_MAX, rows: 3 });
    const body = el("div", "bs-dialog-body",
      el("p", "", data(`${scene.villages.name(row)}, ${scene.villages.districtName(row)}`.replace(/, $/, ""))),
      el("p", "bs-small", `${t.correct_code} `, el("strong", "bs-code", code)),
      claims,
      field("operator", t.correct_operator, operator),
      field("reported_on", t.correct_date, input("date", { max: today(), value: today(), required: true })),
      field("place", t.correct_place, input("text"), t.correct_place_note),
      field("position", t.correct_position, input("text", { inputMode: "text", placeholder: "-6.9442, 107.7400" })),
      scene.position && here(fields),
      field("attachment", t.correct_file, input("text")),
      field("text", t.correct_text, text),
      el("p", "bs-note", t.correct_personal));
    const preview = el("pre", "bs-preview");
    preview.tabIndex = 0;
    preview.setAttribute("aria-label", t.correct_preview);
    const wrong = el("p", "bs-wrong");
    wrong.setAttribute("role", "status");
    const ways = el("div", "bs-ways");
    const answer = () => ({
      correction_code: code, report_id: number, village_name: scene.villages.name(row),
      claim: scene.header.labels.id.claim[claims.querySelector(":checked")?.value] ?? "",
      ...Object.fromEntries(Object.keys(fields).map((name) => [name, fields[name].value.trim()])),
    });
    const parts = waysOut(scene, rule, { answer, code, number });
    ways.append(...parts.elements);
    function tell() {
      const now = answer();
      const fault = !fields.reported_on.value ? t.correct_no_date
        : fields.reported_on.value > today() ? t.correct_future
        : !now.claim && !now.text ? t.correct_empty : "";
      wrong.textContent = fault;
      preview.textContent = correctionMessage(rule, now);
      parts.update(preview.textContent, Boolean(fault));
    }
    const close = el("button", "bs-close", "×");
    close.type = "button";
    close.setAttribute("aria-label", t.close);
    close.addEventListener("click", () => dialog.close());
    const heading = el("h2", "", t.correct_title);
    heading.id = `${dialog.id}_title`;
    dialog.setAttribute("aria-labelledby", heading.id);
    body.append(el("h3", "", t.correct_preview), preview, wrong, ways, el("p", "bs-small", rule.office ? fill(t.correct_send_to, { office: rule.office }) : t.correct_send));
    dialog.replaceChildren(close, heading, body);
    dialog.oninput = tell;
    tell();
    dialog.showModal();
  }

  function here(fields) {
    const button = el("button", "bs-button", t.correct_here);
    button.type = "button";
    button.addEventListener("click", () => {
      fields.position.value = `${scene.position.lat.toFixed(5)}, ${scene.position.lng.toFixed(5)}`;
      dialog.oninput();
    });
    return button;
  }

  dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation()); // it closes the form, not the card
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return { open };
}

/** The ways in which an answer leaves the page: each waits for a click. */
function waysOut(scene, rule, { answer, code, number }) {
  const { t } = scene;
  const button = (name, run) => {
    const made = el("button", "bs-button", t["correct_" + name]);
    made.type = "button";
    made.dataset.way = name;
    made.addEventListener("click", run);
    return made;
  };
  const link = (name) => {
    const made = el("a", "bs-button", t["correct_" + name]);
    made.target = "_blank";
    made.rel = "noopener noreferrer";
    made.dataset.way = name;
    return made;
  };
  let message = "";
  const save = (type, ending, text) => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const made = Object.assign(document.createElement("a"), { href: address, download: `koreksi_${code.replace(":", "")}_${number}.${ending}` });
    made.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  const copy = button("copy", async () => {
    copy.textContent = (await copied(message)) ? t.correct_copied : t.correct_not_copied;
  });
  copy.classList.add("bs-button-main");
  const chat = link("chat"), mail = link("mail");
  const csv = button("csv", () => save("text/csv", "csv", correctionTable(rule, answer())));
  const json = button("json", () => save("application/json", "json", JSON.stringify({ format: rule.format, answers: [answer()] }, null, 1)));
  return {
    elements: [copy, chat, mail, csv, json],
    update(text, faulty) {
      message = text;
      copy.textContent = t.correct_copy;
      for (const made of [copy, csv, json]) made.disabled = faulty;
      const body = encodeURIComponent(text.replace(/\n/g, "\r\n"));
      const ends = { chat: `https://wa.me/?text=${encodeURIComponent(text)}`, mail: `mailto:${encodeURIComponent(rule.email).replace(/%40/g, "@")}?subject=${encodeURIComponent(`${t.correct_subject} ${code}`)}&body=${body}` };
      for (const [made, address] of [[chat, ends.chat], [mail, ends.mail]]) {
        if (faulty) made.removeAttribute("href");
        else made.href = address;
        made.setAttribute("aria-disabled", String(faulty));
      }
    },
  };
}

/** Copy a text; where the browser has no clipboard for files, by a field that is selected. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text });
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** The form on paper: boxes to tick, lines to write on. */
function paperForm(scene, row) {
  const { t, labels } = scene;
  const rule = scene.header.correction;
  const tick = (words) => el("span", "bs-tick", el("span", "bs-tick-box"), words);
  const line = (title, ...children) => el("div", "bs-paper-line", el("span", "bs-paper-label", title), el("span", "bs-paper-value", ...children));
  const form = el("section", "bs-paper-form", el("h3", "", t.correct_title));
  form.append(
    line(t.correct_code, el("strong", "bs-code", scene.correctionCode(row))),
    line(t.correct_claim, ...rule.claims.map((claim) => tick(labels.claim[claim]))),
    line(t.correct_operator, ...Object.values(labels.operator).map(tick), tick(`${t.correct_other} ____________`)),
    line(t.correct_date, "____ / ____ / ________"),
    line(t.correct_place, el("span", "bs-rule")),
    line(t.correct_file, el("span", "bs-rule")),
    line(t.correct_text, el("span", "bs-rule"), el("span", "bs-rule"), el("span", "bs-rule")),
    el("p", "bs-small", `${t.correct_personal} ${rule.office ? fill(t.correct_return_to, { office: rule.office, mail: rule.email }).trim() : t.correct_send}`));
  return form;
}
