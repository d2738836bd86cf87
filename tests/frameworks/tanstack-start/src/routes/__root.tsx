// The document, which TanStack Router requires although server routes do not use it.
import { createRootRoute, Outlet } from "@tanstack/react-router";

const Root = () => (
  <html lang="en">
    <body>
      <Outlet />
    </body>
  </html>
);

export const Route = createRootRoute({ component: Root });
