// Lists the links that only this tab has, so that creating a second one does not lose the first.
import { CopyButton } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { Countdown } from "../parts/countdown.tsx";
import { markShared } from "../state/links.ts";
import type { Link } from "../types.ts";

export function TabLinks({ links }: { links: Link[] }) {
  if (links.length === 0) return null;
  return (
    <Card
      title="Links from this tab"
      level="h2"
      note="Only this tab has them. They are gone when you reload it."
    >
      <ul class="rows">
        {links.map((link) => (
          <li key={link.tokenId}>
            <div>
              <p class="id">{link.userId}</p>
              <p class="muted">
                {link.isShared ? "Shared" : "Not shared yet"}, expires in{" "}
                <Countdown to={link.expiresAt} />
              </p>
            </div>
            <CopyButton text={link.url} onCopied={() => markShared(link)}>
              Copy link
            </CopyButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}
