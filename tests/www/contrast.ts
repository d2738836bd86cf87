// Measures what axe does not: the contrast of control edges and focus rings, and what is cut off.

export interface Edge {
  border: string;
  fill?: string;
  /** The colours of all that is below it, from the ground up. */
  layers: string[];
}

/** Runs in the page. Gives the boxes whose content is wider than they are. */
export function cutOff() {
  return [...document.querySelectorAll(".card, dialog, td, th, .field, .buttons, .callout")]
    .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
    .filter((box) => !box.querySelector(":scope > .for-readers"))
    .map((box) => box.outerHTML.slice(0, 200));
}

/** Runs in the page. Gives the edges of the controls. */
export function controls(): (Edge & { name: string })[] {
  const all = "button, input, select, textarea, .button, .choices span, .file-drop";
  return [...document.querySelectorAll<HTMLInputElement>(all)]
    .filter((control) => control.checkVisibility({ opacityProperty: true }))
    .map((control) => {
      const { borderTopColor: border, backgroundColor: fill } = getComputedStyle(control);
      const layers: string[] = [];
      for (let at = control.parentElement; at; at = at.parentElement)
        layers.unshift(getComputedStyle(at).backgroundColor);
      const text = control.ariaLabel ?? control.innerText ?? "";
      const name = `${control.tagName} ${text || control.name}`.slice(0, 40);
      return { name, border, fill, layers };
    });
}

/** Runs in the page. Gives the ring around what has the focus. */
export function ring(): (Edge & { name: string }) | undefined {
  const element = document.activeElement as HTMLInputElement;
  if (element === document.body) return undefined;
  const { parentElement: parent, nextElementSibling: next } = element;
  // These inputs are drawn by what is beside or around them.
  const around = parent?.matches(".file-drop") ? parent : element;
  const drawn = (parent?.matches(".choices label") && next) || around;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(drawn);
  const layers: string[] = [];
  for (let at = drawn.parentElement; at; at = at.parentElement)
    layers.unshift(getComputedStyle(at).backgroundColor);
  const name = `${element.tagName} ${element.innerText || element.ariaLabel || element.name}`.slice(
    0,
    40,
  );
  const isDrawn = outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
  return { name, border: isDrawn ? outlineColor : "rgba(0, 0, 0, 0)", layers };
}

const WHITE = [255, 255, 255];

/**
 * How far an edge stands out from what is below it, by its border or its fill; 1 where it has none
 * at all.
 */
export function edgeContrast({ border, fill = border, layers }: Edge) {
  const ground = layers.reduce((below, layer) => over(layer, below), WHITE);
  return Math.max(...[border, fill].map((color) => contrast(over(color, ground), ground)));
}

function over(color: string, below: number[]) {
  const [red, green, blue, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue].map((value, at) => value * alpha + below[at] * (1 - alpha));
}

/** As WCAG has it. */
function contrast(...colors: number[][]) {
  const [light, dark] = colors.map(luminance).sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: number[]) {
  const [red, green, blue] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
