import type { File } from "../engine/types";

/** So many sectors fit beside each other. */
const shown = 44;

/** The files of a member: what its process reads and what is on the medium, apart. */
export function DiskView({ files }: { files: File[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll disk" tabIndex={0} aria-label="Files">
      {files.map((file) => (
        <FileView key={file.name} file={file} />
      ))}
      {files.length === 0 && <p class="empty">The disk is empty.</p>}
    </section>
  );
}

function FileView({ file }: { file: File }) {
  const unsynced = file.cached - file.durable;
  return (
    <div class="file">
      <h3>{file.name}</h3>
      <p class="quiet">
        {bytes(file.cached)} in the page cache, {bytes(file.durable)} on the medium
        {unsynced > 0 && `: a crash may lose ${bytes(unsynced)}`}
      </p>
      {file.sectors !== "" && <Sectors sectors={file.sectors} />}
      {file.records.length > 0 && (
        <ol aria-label={`Newest records of ${file.name}`}>
          {keyed(file.records).map(({ key, record }) => (
            <li key={key}>{record}</li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** Records may be equal: each has its number among its equals as key. */
function keyed(records: string[]): { key: string; record: string }[] {
  const seen = new Map<string, number>();
  return records.map((record) => {
    const count = (seen.get(record) ?? 0) + 1;
    seen.set(record, count);
    return { key: `${record} ${count}`, record };
  });
}

/** The last sectors, in two rows: what the process reads, and what a crash would leave. */
function Sectors({ sectors }: { sectors: string }) {
  const last = [...sectors].slice(-shown);
  const earlier = sectors.length - last.length;
  const width = 76 + last.length * 8;
  return (
    <svg
      class="sectors"
      viewBox={`0 0 ${width} 32`}
      width={width}
      height="32"
      role="img"
      aria-label={inWords(sectors)}
    >
      <text x="0" y="11">
        page cache
      </text>
      <text x="0" y="27">
        medium
      </text>
      {last.map((state, i) => {
        const key = earlier + i;
        return (
          <g key={key} transform={`translate(${76 + i * 8} 0)`}>
            <rect class="sector cached" x=".5" y="2.5" width="6" height="10" />
            <rect
              class={`sector ${state === "d" ? "durable-sector" : "empty-sector"}`}
              x=".5"
              y="18.5"
              width="6"
              height="10"
            />
            {state === "x" && <path class="damage" d="M0 18 7 29M7 18 0 29" />}
          </g>
        );
      })}
    </svg>
  );
}

function inWords(sectors: string): string {
  const count = (state: string) => [...sectors].filter((s) => s === state).length;
  const parts = [`${count("d")} durable`];
  if (count("c") > 0) parts.push(`${count("c")} only in the page cache`);
  if (count("x") > 0) parts.push(`${count("x")} damaged`);
  return `${sectors.length} sectors: ${parts.join(", ")}`;
}

/** A size as people read it. */
function bytes(n: number): string {
  return n < 10_000 ? `${n} B` : `${Math.round(n / 1024)} KiB`;
}
