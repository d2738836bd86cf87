// The document, which no server route needs and TanStack Router asks for.
import { createRootRoute, Outlet } from "@tanstack/react-router";

const Root = () => (
  <html lang="en">
    <body>
      <Outlet />
    </body>
  </html>
);

export const Route = createRootRoute({ component: Root });
