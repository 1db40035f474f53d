// Elements from data. Text becomes text nodes and nothing else: what an article says is never parsed as HTML.

/** A new element; `children` are nodes or strings, null ones are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  return dressed(made, attributes, children);
}

/** The same in SVG. */
export function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  return dressed(made, attributes, children);
}

function dressed(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** A link that leaves nothing of this page behind, or plain text where the address is not http(s). */
export function outsideLink(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return document.createTextNode(text);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return document.createTextNode(text);
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, text);
}
