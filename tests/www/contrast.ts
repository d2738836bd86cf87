// Measures what axe does not: the contrast of control edges and focus rings, and what is cut off.

interface Edge {
  name: string;
  border: string;
  fill?: string;
  /** The colours of all that is below it, from the ground up. */
  layers: string[];
}

/** Runs in the page. Gives the boxes whose content is wider than they are, the page included. */
export function cutOff() {
  const boxes = "html, .card, dialog, td, th, .field, .buttons, .callout, [role=combobox]";
  return [...document.querySelectorAll(boxes)]
    .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
    .filter((box) => !box.querySelector(":scope > .for-readers"))
    .map((box) => box.outerHTML.slice(0, 200));
}

export const CONTROLS = "button, input, select, textarea, .button, .choices span, .file-drop";

/** Runs in the page. Gives the edges of controls; for ":focus", the ring around that control. */
export function edges(selector: string): Edge[] {
  const isFocus = selector === ":focus";
  const controls = [...document.querySelectorAll<HTMLInputElement>(selector)].filter((control) =>
    control.checkVisibility({ opacityProperty: !isFocus }),
  );
  return controls.map((control) => {
    const { parentElement: parent, nextElementSibling: next } = control;
    // The rings of these inputs are drawn by what is beside or around them.
    const around = parent?.matches(".file-drop") ? parent : control;
    const ring = (parent?.matches(".choices label") && next) || around;
    const drawn = isFocus ? ring : control;
    const style = getComputedStyle(drawn);
    const layers: string[] = [];
    for (let at = drawn.parentElement; at; at = at.parentElement)
      layers.unshift(getComputedStyle(at).backgroundColor);
    const text = control.ariaLabel ?? control.innerText ?? "";
    const name = `${control.tagName} ${text || control.name}`.slice(0, 40);
    if (!isFocus)
      return { name, border: style.borderTopColor, fill: style.backgroundColor, layers };
    const isDrawn = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
    return { name, border: isDrawn ? style.outlineColor : "rgba(0, 0, 0, 0)", layers };
  });
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
