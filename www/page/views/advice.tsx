// Shows what an agent must know before handing over a link.
import { Icon } from "../parts/icon.tsx";

export function Advice() {
  return (
    <aside class="advice" aria-labelledby="advice-title">
      <h2 id="advice-title">Before you hand over a link</h2>
      <ul>
        <li>
          <Icon name="key" />
          <p>
            <strong>It works once.</strong> Mail scanners open links and use them up. Hand it over
            in a private chat with that person or as a QR code, never in a shared channel.
          </p>
        </li>
        <li>
          <Icon name="shield" />
          <p>
            <strong>Whoever opens it is that user,</strong> without a password or a second factor.
            Make sure who you are talking to.
          </p>
        </li>
        <li>
          <Icon name="eye" />
          <p>
            <strong>To look at an account,</strong> use Clerk&rsquo;s impersonation. Its sessions
            name you as the actor.
          </p>
        </li>
      </ul>
    </aside>
  );
}
