// Draws the charts of a page with Vega when they come into view, as SVG in the colours of the page.
// Vega's expressions run in its interpreter: the page forbids making code out of text.
"use strict";
(function () {
  const figures = Array.from(document.querySelectorAll("figure.chart"));
  const LOCALES = {
    vi: { decimal: ",", thousands: ".", grouping: [3], currency: ["", " đ"] },
    en: { decimal: ".", thousands: ",", grouping: [3], currency: ["", " đ"] },
  };

  // One picture with a name; what it shows stands in the table beside it.
  function nameDrawing(figure, language) {
    const svg = figure.querySelector(".drawing svg");
    svg.querySelectorAll("[role]").forEach((part) => {
      for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name);
    });
    svg.removeAttribute("aria-roledescription");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", (figure.querySelector("figcaption ." + language) || figure).textContent.trim());
  }

  function draw(figure) {
    const language = document.documentElement.lang === "en" ? "en" : "vi";
    if (figure.dataset.drawn === language) return;
    const told = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    const spec = structuredClone(window.tiendoCharts[figure.dataset.chart]);
    spec.data.forEach((set) => { if (Array.isArray(told[set.name])) set.values = told[set.name]; });
    const place = figure.querySelector(".drawing");
    const signals = { english: language === "en", ...told.params };
    const width = place.clientWidth;
    signals.label_limit = Math.round(0.42 * width);
    if (width < 600) Object.assign(signals, { legend_columns: 1, above: true, label_limit: width - 16, y_step: 44 });
    spec.signals.forEach((signal) => { if (signal.name in signals) signal.value = signals[signal.name]; });
    const view = new vega.View(vega.parse(spec, {}, { ast: true }), {
      expr: vegaInterpreter.expressionInterpreter,
      renderer: "svg",
      container: place,
      hover: false,
      locale: vega.locale(LOCALES[language]),
      logLevel: vega.Error,
    });
    // A tooltip is a title of the drawing, never markup.
    view.tooltip((handler, event, item, value) => { place.title = value ? Object.values(value).join(", ") : ""; });
    figure.dataset.drawn = language;
    // At once and not later: paper does not wait.
    view.run();
    nameDrawing(figure, language);
    // What Vega names besides comes with its next turn.
    view.runAsync().then(() => nameDrawing(figure, language));
    const former = figure.view;
    figure.view = view;
    if (former) former.finalize();
    figure.classList.add("is-drawn");
  }

  // A chart that cannot be drawn leaves its table and does not stop the others.
  function tryDraw(figure) {
    try { draw(figure); } catch (problem) { console.error("chart " + figure.dataset.chart + ": " + problem.message); }
  }

  const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (entry.isIntersecting) tryDraw(entry.target);
  }), { rootMargin: "300px" });
  figures.forEach((figure) => seen.observe(figure));
  addEventListener("beforeprint", () => figures.forEach(tryDraw));
  document.addEventListener("tiendo:language", () => {
    figures.filter((figure) => figure.dataset.drawn).forEach(tryDraw);
  });
  let waiting;
  let width = innerWidth;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (innerWidth === width) return;
      width = innerWidth;
      figures.filter((figure) => figure.dataset.drawn).forEach((figure) => { figure.dataset.drawn = ""; tryDraw(figure); });
    }, 200);
  });
})();
