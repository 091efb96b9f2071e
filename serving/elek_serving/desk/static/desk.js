// The desk's keyboard. Everything it does can be done without it. Keys are places on the keyboard (event.code),
// so that they work in every layout: Russian, Kazakh, Chinese.
"use strict";

const OFF = "elek-keys-off";
const help = document.getElementById("keys");
const isTyping = (element) => element.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
const byKey = (code) => document.querySelector(`[data-key="${code}"]`);

function act(element) {
  if (element.matches("fieldset")) {
    const chosen = element.querySelector("input:checked") || element.querySelector("input");
    chosen.checked = true;
    chosen.focus();
  } else if (element.matches("input, textarea, select")) {
    element.focus();
    if (element.select) element.select();
  } else {
    element.click();
  }
}

function chooseReason(number) {
  const chosen = document.querySelector(".kind input:checked");
  const radios = chosen ? chosen.closest("fieldset").querySelectorAll("input") : [];
  const radio = radios[number - 1];
  if (radio) {
    radio.checked = true;
    radio.focus();
  }
}

function moveRow(step) {
  const links = [...document.querySelectorAll("[data-row]")];
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next].focus();
}

function openHelp() {
  if (help && !help.open) help.showModal();
}

function onKey(event) {
  if (event.ctrlKey && event.code === "Enter" && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.code === "Escape" && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (isTyping(event.target) || (help && help.open)) return;
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
    event.preventDefault();
    openHelp();
    return;
  }
  if (localStorage.getItem(OFF) || event.shiftKey) return;
  const digit = /^Digit([1-9])$/.exec(event.code);
  if (digit) {
    chooseReason(Number(digit[1]));
  } else if (event.code === "KeyJ" || event.code === "KeyK") {
    moveRow(event.code === "KeyJ" ? 1 : -1);
  } else {
    const element = byKey(event.code);
    if (!element) return;
    event.preventDefault();
    act(element);
  }
}

document.addEventListener("keydown", onKey);

if (help) {
  for (const link of document.querySelectorAll('a[href="#keys"]')) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      openHelp();
    });
  }
  help.querySelector("[data-close]").addEventListener("click", (event) => {
    event.preventDefault();
    help.close();
  });
  const off = help.querySelector("[data-keys-off]");
  off.parentElement.hidden = false;
  off.checked = Boolean(localStorage.getItem(OFF));
  off.addEventListener("change", () => {
    if (off.checked) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
  });
}
