/* ECharts in the house style. Colours come from the tokens at run time, so themes and tenants need no second palette.
   CSP: the library's own tooltips write style attributes and are blocked. Ours are nodes with classes, and `confine`
   keeps it from adding an arrow, which would carry such an attribute as well. */
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);
const token = (name) => { probe.style.setProperty("color", `var(${name})`); return getComputedStyle(probe).color; };
const fade = (colour, alpha) => colour.replace(/rgba?\(([^)]+)\)/, (_, v) => `rgba(${v.split(/[ ,/]+/).slice(0, 3).join(",")},${alpha})`);
const element = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });

const COLOURS = { "": "--accent", held: "--hold-fill", third: "--series-3", fourth: "--series-4", fifth: "--series-5", quiet: "--ink-3" };
const INK = { held: "--hold", quiet: "--ink-3" };

function theme() {
  const [ink, ink2, line, edge] = ["--ink", "--ink-2", "--line", "--line-2"].map(token);
  const font = { fontFamily: '"Einklang Sans", "Sans Fallback", sans-serif', fontSize: 13, color: ink2 };
  return {
    textStyle: font, animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 320, animationEasing: "cubicOut",
    grid: { left: 4, right: 24, top: 28, bottom: 4, containLabel: true },
    categoryAxis: { axisLine: { lineStyle: { color: edge } }, axisTick: { show: false }, axisLabel: { ...font, margin: 10, hideOverlap: true }, splitLine: { show: false } },
    valueAxis: { axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...font, margin: 12 }, splitLine: { lineStyle: { color: line } }, splitNumber: 4 },
    tooltip: { renderMode: "html", className: "tip", confine: true, transitionDuration: 0, borderWidth: 0, padding: 0, backgroundColor: "transparent", axisPointer: { lineStyle: { color: edge }, shadowStyle: { color: fade(ink, 0.05) } } },
    bar: { barMaxWidth: 34, itemStyle: { borderRadius: 2 } },
    line: { symbol: "circle", symbolSize: 7, lineStyle: { width: 2.5 }, smooth: false },
  };
}

function tip(points, told, say) {
  const box = element("div", "tip-box");
  box.append(element("p", "tip-head", points[0]?.axisValueLabel ?? ""));
  for (const point of points.filter((each) => told.series.some((one) => one.name === each.seriesName))) {
    const row = element("p", "tip-row"), key = element("span", "tip-key");
    key.style.backgroundColor = point.color?.toString() ?? "";
    row.append(key, element("span", "tip-name", point.seriesName), element("b", "tip-value", say(point.value)));
    box.append(row);
  }
  return box;
}

/* The name stands where the line ends: no legend. */
const lastOf = (values) => values.findLastIndex((value) => value !== null);
const named = (one, colour) => ({ show: true, position: "right", distance: 10, color: colour, fontWeight: 600, fontSize: 13, formatter: (point) => (point.dataIndex === lastOf(one.values) ? one.name : "") });
const hidden = { type: "line", silent: true, symbol: "none", lineStyle: { opacity: 0 }, tooltip: { show: false } };

/* Where they end at the same height, names stand one above the other. */
function raised(ends, index, highest) {
  const near = Math.max(1e-9, highest) * 0.08;
  const onAxis = ends[index] < near / 2 ? 8 : 0;   // its lower half would stand in the axis
  return -onAxis - 16 * ends.slice(0, index).filter((end) => Math.abs(end - ends[index]) < near).length;
}

function bars(told) {
  const height = (upTo) => told.series.slice(0, upTo).reduce((sum, one) => sum + (one.values.at(-1) ?? 0), 0);
  const drawn = told.series.map((one) => ({
    name: one.name, type: "bar", data: one.values.map((value) => (value ? value : { value, itemStyle: { borderWidth: 0 } })), color: token(COLOURS[one.key]), ...(told.kind === "stack" && { stack: "all" }),
    itemStyle: { borderColor: token("--surface"), borderWidth: 1, ...(one.key === "held" && { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1.5, 5], rotation: -Math.PI / 4, color: fade(token("--surface"), 0.22) } }) },
  }));
  if (told.series.length === 1) return drawn;
  const ends = told.series.map((one, index) => (told.kind === "stack" ? height(index) + (one.values.at(-1) ?? 0) / 2 : one.values.at(-1) ?? 0));
  const highest = Math.max(...told.columns.map((_, at) => told.series.reduce((sum, one) => (told.kind === "stack" ? sum + (one.values[at] ?? 0) : Math.max(sum, one.values[at] ?? 0)), 0)));
  return [...drawn, ...told.series.map((one, index) => ({
    ...hidden, symbol: "circle", symbolSize: 0, data: one.values.map((value, at) => (at === one.values.length - 1 ? ends[index] : null)),
    label: { show: true, position: "right", distance: 26, color: token(INK[one.key] ?? COLOURS[one.key]), fontWeight: 600, fontSize: 13, formatter: () => one.name, offset: [0, raised(ends, index, highest)] },
  }))];
}

function lines(told) {
  const ends = told.series.map((one) => one.values[lastOf(one.values)] ?? 0);
  const highest = Math.max(...told.series.flatMap((one) => one.values));
  return told.series.flatMap((one, index) => {
    const colour = token(COLOURS[one.key]);
    const band = one.band.length === 0 ? [] : [
      { ...hidden, stack: one.name, data: one.band.map(([low]) => low) },
      { ...hidden, stack: one.name, data: one.band.map(([low, high]) => high - low), areaStyle: { color: fade(colour, 0.16) } },
    ];
    return [...band, { name: one.name, type: "line", data: one.values, color: colour, showSymbol: true, symbolSize: one.values.length < 24 ? 7 : 0, ...(one.key === "quiet" && { lineStyle: { type: [5, 4] } }), ...(told.series.length > 1 && { label: { ...named(one, token(INK[one.key] ?? COLOURS[one.key])), offset: [0, raised(ends, index, highest)] } }) }];
  });
}

/* Few names of things, each of which has to be read: where they have no room side by side, they stand askew. */
function askew(told, width) {
  const crowded = told.kind !== "lines" && told.series.length === 1 && told.columns.length <= 10 && 7.4 * Math.max(...told.columns.map((each) => each.length)) > width / told.columns.length;
  return crowded ? { interval: 0, rotate: 40, hideOverlap: false } : {};
}

function option(told, locale, width) {
  const say = (value) => (value === null || value === undefined ? "–" : value.toLocaleString(locale, { minimumFractionDigits: told.digits, maximumFractionDigits: told.digits }) + told.unit);
  const series = told.kind === "lines" ? lines(told) : bars(told);
  const longest = Math.max(0, ...told.series.map((one) => one.name.length));
  if (told.marks.length) {
    series[0].markLine = { silent: true, symbol: "none", animation: false, lineStyle: { color: token("--tone"), type: "solid", width: 2 }, label: { color: token("--ink-2"), fontSize: 13, position: "end", formatter: (mark) => mark.name }, data: told.marks.map((mark) => ({ name: mark.name, [mark.across ? "xAxis" : "yAxis"]: mark.value })) };
  }
  return {
    grid: { right: told.series.length > 1 ? 28 + 7.4 * longest : 24 },
    tooltip: { trigger: "axis", axisPointer: { type: told.kind === "lines" ? "line" : "shadow" }, formatter: (points) => tip([].concat(points), told, say) },
    xAxis: { type: "category", data: told.columns, boundaryGap: told.kind !== "lines", axisLabel: askew(told, width) },
    yAxis: { type: "value", minInterval: told.digits ? 0 : 1, axisLabel: { formatter: (value) => value.toLocaleString(locale, { maximumFractionDigits: told.digits }) + told.unit } },
    series,
  };
}

const live = new Map();
function draw(event) {
  const house = theme();
  const still = event?.type === "beforeprint";   // paper does not wait for an animation
  for (const host of document.querySelectorAll("[data-plot]")) {
    live.get(host)?.dispose();
    const chart = window.echarts.init(host, house, { renderer: "canvas" });
    chart.setOption({ ...option(JSON.parse(host.dataset.plot), document.documentElement.lang, host.clientWidth), ...(still && { animation: false }) });
    live.set(host, chart);
  }
}
await document.fonts.ready;
draw();
addEventListener("resize", () => live.forEach((chart) => chart.resize()));
addEventListener("beforeprint", draw);
addEventListener("afterprint", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
