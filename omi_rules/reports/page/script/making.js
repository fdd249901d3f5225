// Makes elements. Text goes in as text and never as markup, whatever it holds.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

// A name from the export: its own direction of writing stays its own.
function nameOf(text) {
  return make("bdi", {}, shortened(text));
}

function shape(kind) {
  return draw("svg", { class: `shape ${kind}`, "aria-hidden": "true", focusable: "false" }, draw("use", { href: `#shape-${kind}` }));
}

function outcomeMark(word) {
  return make("span", { class: "told" }, shape(OUTCOME_SHAPES[word]), ` ${OUTCOME_WORDS[word]}`);
}

function severityMark(word) {
  return make("span", { class: `severity ${word}` }, word);
}

function replaceWith(id, ...children) {
  document.getElementById(id).replaceChildren(...children);
}
