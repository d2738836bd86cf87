// Tests the admin page in Chromium. These files share one site and one browser; each also runs alone. They take the longest of all
// test files together, so this one has a name that comes first.
import "./www/page/bulk.js";
import "./www/page/bulk-after.js";
import "./www/page/bulk-list.js";
import "./www/page/colours.js";
import "./www/page/errors.js";
import "./www/page/history.js";
import "./www/page/keyboard.js";
import "./www/page/link.js";
import "./www/page/login.js";
import "./www/page/offline.js";
import "./www/page/users.js";
