// Language, theme, filters. Runs before the page is drawn, so that nothing flickers; without it all is readable.
"use strict";
(function () {
  const root = document.documentElement;
  // Kept for the next page; a browser that keeps nothing for files starts in Vietnamese each time.
  const kept = {
    get(name) { try { return localStorage.getItem("tiendo-" + name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem("tiendo-" + name, value); } catch { /* not kept */ } },
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const setTheme = () => { root.dataset.theme = kept.get("theme") || (dark.matches ? "dark" : "light"); };
  setTheme();
  dark.addEventListener("change", setTheme);
  root.lang = kept.get("language") === "en" ? "en" : "vi";

  const each = (selector, act, within) => (within || document).querySelectorAll(selector).forEach(act);

  // Numbers and dates stand in Vietnamese; their plain value is kept in the markup.
  function rewriteNumbers() {
    const locale = root.lang === "en" ? "en-GB" : "vi-VN";
    const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
    each("data[value]", (node) => { node.textContent = format.format(Number(node.value)).replace("-", "−"); });
  }

  function labels() {
    each("[data-label-en]", (node) => {
      node.dataset.labelVi ??= node.getAttribute("aria-label");
      node.setAttribute("aria-label", root.lang === "en" ? node.dataset.labelEn : node.dataset.labelVi);
    });
    each('[data-switch="language"]', (button) => {
      button.textContent = root.lang === "en" ? "Tiếng Việt" : "English";
      button.lang = root.lang === "en" ? "vi" : "en";
    });
  }

  function setLanguage(language) {
    root.lang = language;
    kept.set("language", language);
    rewriteNumbers();
    labels();
    document.dispatchEvent(new CustomEvent("tiendo:language", { detail: language }));
  }

  const SWITCHES = {
    language: () => setLanguage(root.lang === "en" ? "vi" : "en"),
    theme: () => { kept.set("theme", root.dataset.theme === "dark" ? "light" : "dark"); setTheme(); },
  };

  // Without marks and case, as people type: "xa ea kar" finds "Xã Ea Kar".
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

  function addFilter(table) {
    const box = document.createElement("p");
    box.className = "filter";
    box.innerHTML =
      '<label><span lang="vi">Lọc</span><span lang="en">Filter</span> <input type="search"></label>' +
      '<span role="status"></span>';
    const rows = Array.from(table.tBodies).flatMap((body) => Array.from(body.rows));
    let texts;
    const told = box.querySelector("span[role=status]");
    box.querySelector("input").addEventListener("input", (event) => {
      const words = folded(event.target.value).split(/\s+/).filter(Boolean);
      // Read when somebody types, since most people only look.
      texts ??= rows.map((row) => folded(row.textContent));
      let shown = 0;
      rows.forEach((row, number) => {
        row.hidden = !words.every((word) => texts[number].includes(word));
        shown += !row.hidden;
      });
      told.textContent = words.length ? shown + " / " + rows.length : "";
    });
    const wide = table.closest(".scroll") || table;
    wide.before(box);
  }

  document.addEventListener("DOMContentLoaded", () => {
    each(".switches", (node) => { node.hidden = false; });
    each("[data-switch]", (button) => button.addEventListener("click", SWITCHES[button.dataset.switch]));
    each("table[data-filter]", addFilter);
    each("table.sortable thead th:not(.no-sort)", (head) => {
      head.tabIndex = 0;
      head.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        head.click();
      });
    });
    labels();
    if (root.lang === "en") rewriteNumbers();
  });
  // What is folded away on the screen is part of the paper.
  addEventListener("beforeprint", () => each("details:not([open])", (node) => { node.open = true; node.dataset.shut = ""; }));
  addEventListener("afterprint", () => each("details[data-shut]", (node) => { node.open = false; delete node.dataset.shut; }));
})();
