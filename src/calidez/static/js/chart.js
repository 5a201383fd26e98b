// Draws <calidez-chart>: a Vega-Lite specification from the server in the colours of the page, read by pointer,
// by keyboard and as a table. docs/how-to/charts.md says what the server has to give.

const TOKEN = /^--c-[a-z0-9-]+$/;
const NEAR = 48;
// Marks that stand for one datum; a rule or a label may carry the same datum elsewhere.
const READABLE = new Set(["symbol", "rect", "arc", "path", "shape"]);

/** Vega is half a megabyte: it is fetched once, and only by pages that draw. */
let library;
function loadLibrary(element) {
  library ??= (async () => {
    await script(element.dataset.vega);
    await script(element.dataset.vegaLite);
    const { expressionInterpreter } = await import(element.dataset.interpreter);
    const theme = await (await fetch(element.dataset.themeUrl)).json();
    return { vega: window.vega, vegaLite: window.vegaLite, expressionInterpreter, theme };
  })();
  return library;
}

function script(address) {
  return new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = address;
    tag.onload = resolve;
    tag.onerror = () => reject(new Error(`cannot load ${address}`));
    document.head.append(tag);
  });
}

/** Every string that is the name of a colour token becomes the colour it has now; data are left alone. */
function coloured(value, style) {
  if (typeof value === "string") return TOKEN.test(value) ? style.getPropertyValue(value).trim() : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, style));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, one]) => [key, key === "data" ? one : coloured(one, style)]));
}

/** Names of months and signs of numbers as the reader's language has them. */
function localeOf(language) {
  const names = (options, days) =>
    days.map((day) => new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(day).replace(".", ""));
  const week = Array.from({ length: 7 }, (_, i) => new Date(Date.UTC(2023, 0, 1 + i)));
  const year = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2023, i, 15)));
  const parts = new Intl.NumberFormat(language, { useGrouping: "always" }).formatToParts(-12345.6);
  const sign = (type, otherwise) => parts.find((part) => part.type === type)?.value ?? otherwise;
  // The pages' Spanish separates thousands by a space, that of browsers by a point.
  const thousands = language.startsWith("es") ? "\u00a0" : sign("group", ",");
  return {
    number: { decimal: sign("decimal", "."), thousands, grouping: [3], currency: ["", ""] },
    time: {
      dateTime: "%e %b %Y %H:%M",
      date: "%d/%m/%Y",
      time: "%H:%M",
      periods: ["AM", "PM"],
      days: names({ weekday: "long" }, week),
      shortDays: names({ weekday: "short" }, week),
      months: names({ month: "long" }, year),
      shortMonths: names({ month: "short" }, year),
    },
  };
}

class CalidezChart extends HTMLElement {
  connectedCallback() {
    this.plot = this.querySelector(".c-chart-plot");
    this.table = this.querySelector("[data-chart-table]");
    this.toggle = this.querySelector("[data-chart-toggle]");
    this.reading = this.querySelector("[data-chart-reading]");
    this.points = [];
    this.place = -1;
    this.listening = new AbortController();
    this.setUpTable();
    this.setUpReading();
    this.start();
  }

  disconnectedCallback() {
    this.listening.abort();
    this.watcher?.disconnect();
    this.view?.finalize();
  }

  on(target, kind, does) {
    target.addEventListener(kind, does, { signal: this.listening.signal });
  }

  async start() {
    try {
      [this.library, this.spec] = await Promise.all([loadLibrary(this), this.fetchSpec()]);
      await this.draw();
    } catch (error) {
      console.error(error);
      this.fail();
      return;
    }
    this.on(document, "calidez:theme", () => this.draw());
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.plot);
  }

  async fetchSpec() {
    const inline = this.querySelector('script[type="application/json"]');
    if (inline) return JSON.parse(inline.textContent);
    const response = await fetch(this.dataset.specUrl, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`the chart's data answered ${response.status}`);
    return response.json();
  }

  fail() {
    this.plot.textContent = "";
    const words = document.createElement("p");
    words.className = "c-chart-failed";
    words.textContent = this.dataset.failed;
    this.plot.append(words);
    this.showTable(true);
  }

  async draw() {
    const { vega, vegaLite, expressionInterpreter, theme } = this.library;
    const style = getComputedStyle(this);
    const spec = coloured(this.spec, style);
    // Views side by side bring their own sizes; a single view fills the place reserved for it.
    const single = !("facet" in spec || "hconcat" in spec || "vconcat" in spec || "concat" in spec || "repeat" in spec);
    const size = { width: this.plot.clientWidth, height: this.plot.clientHeight };
    const sized = single ? { ...spec, ...size, autosize: { type: "fit", contains: "padding" } } : spec;
    const compiled = vegaLite.compile(sized, { config: coloured(theme, style) }).spec;
    const view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
      expr: expressionInterpreter,
      renderer: "svg",
      hover: false,
      tooltip: () => {},
      locale: localeOf(document.documentElement.lang),
      logLevel: vega.Error,
    });
    this.view?.finalize();
    this.view = view;
    this.single = single;
    this.size = size;
    const holder = document.createElement("div");
    holder.setAttribute("aria-hidden", "true");
    this.plot.replaceChildren(holder, this.cursor, this.tip);
    await view.initialize(holder).runAsync();
    this.findPoints();
  }

  async fit() {
    const size = { width: this.plot.clientWidth, height: this.plot.clientHeight };
    if (!this.single || !size.width) return;
    if (size.width === this.size.width && size.height === this.size.height) return;
    this.size = size;
    await this.view.width(size.width).height(size.height).runAsync();
    this.findPoints();
  }

  /** Where each datum that has an index stands on the page, whatever marks the specification uses. */
  findPoints() {
    const around = this.plot.getBoundingClientRect();
    const found = new Map();
    const visit = (item) => {
      const index = item.datum?.index;
      if (index !== undefined && item._svg && READABLE.has(item.mark.marktype) && !found.has(index)) {
        const box = item._svg.getBoundingClientRect();
        found.set(index, {
          index,
          label: item.datum.label ?? "",
          x: box.left + box.width / 2 - around.left,
          y: (item.mark.marktype === "rect" ? box.top : box.top + box.height / 2) - around.top,
        });
      }
      for (const child of item.items ?? []) visit(child);
    };
    visit(this.view.scenegraph().root);
    this.points = [...found.values()].sort((a, b) => a.index - b.index);
    this.place = -1;
    this.hide();
  }

  setUpReading() {
    this.cursor = document.createElement("div");
    this.cursor.className = "c-chart-cursor";
    this.tip = document.createElement("div");
    this.tip.className = "c-chart-tip";
    this.tip.setAttribute("aria-hidden", "true");
    this.hide();
    this.on(this.plot, "pointermove", (event) => this.hover(event));
    this.on(this.plot, "pointerdown", (event) => this.hover(event));
    this.on(this.plot, "pointerleave", () => this.hide());
    this.on(this.plot, "blur", () => this.hide());
    this.on(this.plot, "keydown", (event) => this.key(event));
  }

  hover(event) {
    const around = this.plot.getBoundingClientRect();
    const x = event.clientX - around.left;
    const y = event.clientY - around.top;
    let best = -1;
    let least = NEAR * NEAR;
    this.points.forEach((point, place) => {
      const distance = (point.x - x) ** 2 + (0.35 * (point.y - y)) ** 2;
      if (distance < least) [best, least] = [place, distance];
    });
    if (best < 0) this.hide();
    else this.show(best);
  }

  key(event) {
    const last = this.points.length - 1;
    const next = { ArrowLeft: this.place - 1, ArrowRight: this.place + 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") this.hide();
    if (next === undefined || last < 0) return;
    event.preventDefault();
    this.show(this.place < 0 && event.key === "ArrowLeft" ? last : Math.min(last, Math.max(0, next)));
    this.reading.textContent = this.points[this.place].label;
  }

  show(place) {
    this.place = place;
    const point = this.points[place];
    this.cursor.hidden = this.tip.hidden = false;
    this.cursor.style.left = `${point.x}px`;
    this.cursor.style.top = `${point.y}px`;
    this.tip.textContent = point.label;
    const left = Math.min(Math.max(0, point.x - this.tip.offsetWidth / 2), this.plot.clientWidth - this.tip.offsetWidth);
    const above = point.y - this.tip.offsetHeight - 14;
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${above < 0 ? point.y + 16 : above}px`;
  }

  hide() {
    this.cursor.hidden = this.tip.hidden = true;
  }

  setUpTable() {
    const has = Boolean(this.table.children.length || this.dataset.tableUrl);
    this.toggle.hidden = !has;
    if (!has) return;
    this.on(this.toggle, "click", () => this.showTable(!this.hasAttribute("data-open")));
    this.on(document, "keydown", (event) => {
      const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "t") return;
      const only = document.querySelectorAll("calidez-chart").length === 1;
      if (only || this.contains(event.target)) this.showTable(!this.hasAttribute("data-open"));
    });
  }

  async showTable(open) {
    this.toggleAttribute("data-open", open);
    this.toggle.setAttribute("aria-expanded", String(open));
    if (!open || this.table.children.length || !this.dataset.tableUrl) return;
    const response = await fetch(this.dataset.tableUrl);
    if (response.ok) this.table.innerHTML = await response.text();
  }
}

customElements.define("calidez-chart", CalidezChart);
