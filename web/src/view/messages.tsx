import type { Message } from "../engine/types";
import { along, clientPath, heading, linkPath, type Path, progress, px, type Ring } from "../pure/geometry";
import { Glyph } from "./glyph";

export interface MessagesProps {
  messages: Message[];
  ring: Ring;
  now: number;
  clients: string[];
}

/** The messages in flight; where each stands follows from the time alone. */
export function Messages({ messages, ring, now, clients }: MessagesProps) {
  return (
    <g class="messages">
      {messages.map((message) => (
        <Flying key={message.id} message={message} path={route(message, ring, clients)} now={now} />
      ))}
    </g>
  );
}

function route(message: Message, ring: Ring, clients: string[]): Path {
  if (message.from !== 0 && message.to !== 0) return linkPath(ring, message.from, message.to);
  const place = Math.max(0, clients.indexOf(message.client ?? ""));
  const path = clientPath(ring, message.from || message.to, place, Math.max(1, clients.length));
  return message.from === 0 ? path : { from: path.to, to: path.from };
}

function Flying({ message, path, now }: { message: Message; path: Path; now: number }) {
  const at = along(path, progress(message, now));
  const client = message.from === 0 ? path.from : message.to === 0 ? path.to : null;
  return (
    <g class={`message ${message.kind}${message.lost ? " lost" : ""}`} data-id={message.id}>
      <title>{message.lost ? `${message.label} (lost: the link is cut)` : message.label}</title>
      {client && <ClientEnd at={client} path={path} name={message.client ?? ""} />}
      <g transform={`translate(${px(at.x)} ${px(at.y)})`}>
        <Glyph message={message} heading={heading(path)} />
        {message.lost && <path class="lost-mark" d="M-9-9 9 9M9-9-9 9" />}
      </g>
    </g>
  );
}

/** Where a client stands: its name, on the far side of its message. */
function ClientEnd({ at, path, name }: { at: { x: number; y: number }; path: Path; name: string }) {
  const toLeft = at.x === Math.min(path.from.x, path.to.x);
  return (
    <>
      <path class="client-way" d={`M${px(path.from.x)} ${px(path.from.y)}H${px(path.to.x)}`} />
      <text class="client-name" x={px(at.x)} y={px(at.y - 6)} text-anchor={toLeft ? "start" : "end"}>
        {name}
      </text>
    </>
  );
}
