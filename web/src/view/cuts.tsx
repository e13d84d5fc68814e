import type { Frame } from "../engine/types";
import { boundary, type Curve, type CutLink, cutLabel, cutLinks, groups } from "../pure/cuts";
import { heading, linkPath, px, type Ring, spot } from "../pure/geometry";
import { Scissors, ScissorsShape } from "./icons";

/** The boundary of a clean split, drawn once around every group but the largest. */
export function Boundaries({ ring, split }: { ring: Ring; split: number[][] }) {
  const curves = split.slice(0, -1).map((group) => boundary(ring, group));
  return (
    <g class="cut">{curves.map((curve) => curve && <Boundary key={curvePath(curve)} curve={curve} />)}</g>
  );
}

function Boundary({ curve }: { curve: Curve }) {
  return (
    <>
      <path class="cut-line" d={curvePath(curve)} />
      <Snip x={curve.from.x} y={curve.from.y} degrees={heading({ from: curve.from, to: curve.bend })} />
    </>
  );
}

function curvePath({ from, bend, to }: Curve): string {
  return `M${px(from.x)} ${px(from.y)}Q${px(bend.x)} ${px(bend.y)} ${px(to.x)} ${px(to.y)}`;
}

/** A cut link: dashed, with scissors in the middle; an arrow says which direction is cut when only one is. */
export function CutLinkLine({ ring, link, snip }: { ring: Ring; link: CutLink; snip: boolean }) {
  const [a, b] = [spot(ring, link.a), spot(ring, link.b)];
  const path = { from: a, to: b };
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  return (
    <g class="cut">
      <path class="cut-link" d={`M${px(a.x)} ${px(a.y)}L${px(b.x)} ${px(b.y)}`} />
      {snip && <Snip x={middle.x} y={middle.y} degrees={heading(path) + 90} />}
      {link.way !== "both" && <OneWay ring={ring} link={link} />}
    </g>
  );
}

function OneWay({ ring, link }: { ring: Ring; link: CutLink }) {
  const path = link.way === "ab" ? linkPath(ring, link.a, link.b) : linkPath(ring, link.b, link.a);
  const at = { x: (path.from.x * 2 + path.to.x) / 3, y: (path.from.y * 2 + path.to.y) / 3 };
  return (
    <path
      class="one-way"
      d="M-6-6 4 0-6 6M7-7V7"
      transform={`translate(${px(at.x)} ${px(at.y)}) rotate(${Math.round(heading(path))})`}
    />
  );
}

function Snip({ x, y, degrees }: { x: number; y: number; degrees: number }) {
  return (
    <g transform={`translate(${px(x)} ${px(y)})`}>
      <circle class="snip-ground" r="12" />
      <g transform={`rotate(${Math.round(degrees)}) translate(-8 -8)`}>
        <ScissorsShape />
      </g>
    </g>
  );
}

/** The cuts in words, with the button that heals them. */
export function CutList({ frame, act }: { frame: Frame; act: (text: string) => void }) {
  const links = cutLinks(frame.cuts);
  if (links.length === 0) return null;
  const names = new Map(frame.members.map((m) => [m.id, m.name]));
  const split = groups([...names.keys()], links);
  const label = cutLabel(split, links, (id) => names.get(id) ?? String(id));
  return (
    <div class="cut-list">
      <Scissors />
      <span>cut: {label}</span>
      <button type="button" onClick={() => act("heal")}>
        Heal
      </button>
    </div>
  );
}
