// Tests the admin page in Chromium. These files share one site and one browser; each also runs
// alone.
import "./www/page/bulk.ts";
import "./www/page/bulk-after.ts";
import "./www/page/bulk-list.ts";
import "./www/page/colours.ts";
import "./www/page/errors.ts";
import "./www/page/history.ts";
import "./www/page/keyboard.ts";
import "./www/page/link.ts";
import "./www/page/login.ts";
import "./www/page/offline.ts";
import "./www/page/repeated.ts";
import "./www/page/users.ts";
