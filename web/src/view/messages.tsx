import type { Message } from "../engine/types";
import type { ClientSpot } from "../pure/clients";
import { along, clientPath, heading, linkPath, type Path, progress, px, type Ring } from "../pure/geometry";
import { Glyph } from "./glyph";
import type { Open } from "./handles";

export interface MessagesProps {
  messages: Message[];
  ring: Ring;
  now: number;
  spots: Map<string, ClientSpot>;
  onOpen: Open;
}

/** The messages in flight; where each stands follows from the time alone. */
export function Messages({ messages, ring, now, spots, onOpen }: MessagesProps) {
  return (
    <g class="messages">
      {messages.map((message) => {
        const path = route(message, ring, spots);
        return path && <Flying key={message.id} message={message} path={path} now={now} onOpen={onOpen} />;
      })}
    </g>
  );
}

/** The way of a message; none when one of its ends is not in the picture. */
function route(message: Message, ring: Ring, spots: Map<string, ClientSpot>): Path | null {
  const shown = [message.from, message.to].every((id) => id === 0 || ring.ids.includes(id));
  if (!shown) return null;
  if (message.from !== 0 && message.to !== 0) return linkPath(ring, message.from, message.to);
  const client = spots.get(message.client ?? "");
  if (!client) return null;
  const path = clientPath(ring, message.from || message.to, client);
  return message.from === 0 ? path : { from: path.to, to: path.from };
}

interface FlyingProps {
  message: Message;
  path: Path;
  now: number;
  onOpen: Open;
}

/** A message under way. By keyboard it is reached in the list of messages in flight. */
function Flying({ message, path, now, onOpen }: FlyingProps) {
  const at = along(path, progress(message, now));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list of messages offers the same by keyboard.
    <g
      class={`message ${message.kind}${message.lost ? " lost" : ""}`}
      data-id={message.id}
      onClick={() => onOpen({ kind: "message", id: message.id }, at)}
    >
      <title>{message.lost ? `${message.label} (lost: the link is cut)` : message.label}</title>
      <g transform={`translate(${px(at.x)} ${px(at.y)})`}>
        <circle class="touch" r="13" />
        <Glyph message={message} heading={heading(path)} />
        {message.lost && <path class="lost-mark" d="M-9-9 9 9M9-9-9 9" />}
      </g>
    </g>
  );
}
