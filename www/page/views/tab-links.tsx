// Lists the links that this tab holds, so that creating a second one does not lose the first.
import { CopyButton } from "../parts/copy-button.tsx";
import { Countdown } from "../parts/countdown.tsx";
import { handOver } from "../state/links.ts";
import type { Link } from "../types.ts";

export function TabLinks({ links }: { links: Link[] }) {
  if (links.length === 0) return null;
  return (
    <section class="card" tabIndex={-1} aria-labelledby="tab-links-title">
      <div>
        <h2 id="tab-links-title">Links from this tab</h2>
        <p class="muted">Only this tab has them. They are gone when you reload it.</p>
      </div>
      <ul class="rows">
        {links.map((link) => (
          <li key={link.tokenId}>
            <div>
              <p class="id">{link.userId}</p>
              <p class="muted">
                {link.isHandedOver ? "Handed over" : "Not handed over yet"}, expires in{" "}
                <Countdown to={link.expiresAt} />
              </p>
            </div>
            <CopyButton text={link.url} label="Copy link" onCopied={() => handOver(link)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
