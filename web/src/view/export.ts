// The picture that is shown, as a file of its own: what the style sheets say of
// it becomes attributes, so that it looks the same wherever it is put.

/** What is inherited is written only where it changes. */
const inherited = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "paint-order",
] as const;

/** What only the page needs: handles of the pointer, and marks of the focus. */
const onlyOnPage = ".touch, .link-handle, .focus-ring, .drag";

/** The picture of the cluster, or of space and time, as an SVG file in the colours of the present theme. */
export function exportSvg(): string {
  return new XMLSerializer().serializeToString(drawn());
}

/** The same as a PNG, scale times as large as on the page. */
export async function exportPng(scale: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(exportSvg())}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large for a PNG"))));
  });
}

function drawn(): Element {
  const shown = document.querySelector<SVGSVGElement>("svg.picture");
  if (!shown) throw new Error("there is no picture: open the tab of the cluster first");
  const copy = shown.cloneNode(true) as SVGSVGElement;
  inline(shown, copy, null);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  for (const element of copy.querySelectorAll("[data-drop]")) element.remove();
  copy.prepend(title(), ground(shown));
  return copy;
}

/** What is going on, for whoever can't see the picture. */
function title(): Element {
  const element = svg("title");
  element.textContent = document.querySelector(".sentence")?.textContent ?? "";
  return element;
}

/** The picture's ground: without it dark lines might stand on a dark page. */
function ground(shown: Element): Element {
  const rect = svg("rect");
  rect.setAttribute("width", "100%");
  rect.setAttribute("height", "100%");
  const panel = shown.closest(".panel") ?? document.body;
  rect.setAttribute("fill", getComputedStyle(panel).backgroundColor);
  return rect;
}

function svg(name: string): Element {
  return document.createElementNS("http://www.w3.org/2000/svg", name);
}

/** Writes the style of an element on the page, where it is not its parent's, to its copy. */
function inline(from: Element, to: Element, parent: CSSStyleDeclaration | null): void {
  const style = getComputedStyle(from);
  if (from.matches(onlyOnPage)) to.setAttribute("data-drop", "");
  for (const { name } of [...to.attributes]) {
    if (/^(class|role|id|tabindex|aria-.*|data-(?!drop).*)$/.test(name)) to.removeAttribute(name);
  }
  for (const property of inherited) {
    const value = style.getPropertyValue(property);
    if (value !== parent?.getPropertyValue(property)) to.setAttribute(property, value);
  }
  if (style.opacity !== "1") to.setAttribute("opacity", style.opacity);
  for (let i = 0; i < from.children.length; i++) {
    const [child, copy] = [from.children[i], to.children[i]];
    if (child && copy) inline(child, copy, style);
  }
}
