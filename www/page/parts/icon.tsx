// Draws icons in the colour of the text. They only repeat what the text says.
import ban from "lucide-static/icons/ban.svg?raw";
import check from "lucide-static/icons/check.svg?raw";
import chevron from "lucide-static/icons/chevron-down.svg?raw";
import clock from "lucide-static/icons/clock.svg?raw";
import copy from "lucide-static/icons/copy.svg?raw";
import created from "lucide-static/icons/circle-check.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import eye from "lucide-static/icons/eye.svg?raw";
import eyeOff from "lucide-static/icons/eye-off.svg?raw";
import failed from "lucide-static/icons/circle-x.svg?raw";
import file from "lucide-static/icons/file-text.svg?raw";
import history from "lucide-static/icons/history.svg?raw";
import info from "lucide-static/icons/info.svg?raw";
import key from "lucide-static/icons/key-round.svg?raw";
import link from "lucide-static/icons/link.svg?raw";
import logOut from "lucide-static/icons/log-out.svg?raw";
import message from "lucide-static/icons/message-square-text.svg?raw";
import pause from "lucide-static/icons/circle-pause.svg?raw";
import plus from "lucide-static/icons/plus.svg?raw";
import qrCode from "lucide-static/icons/qr-code.svg?raw";
import retry from "lucide-static/icons/rotate-cw.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import sending from "lucide-static/icons/loader-circle.svg?raw";
import shield from "lucide-static/icons/shield-check.svg?raw";
import skipped from "lucide-static/icons/circle-minus.svg?raw";
import unknown from "lucide-static/icons/circle-question-mark.svg?raw";
import upload from "lucide-static/icons/upload.svg?raw";
import user from "lucide-static/icons/circle-user-round.svg?raw";
import users from "lucide-static/icons/users-round.svg?raw";
import warning from "lucide-static/icons/triangle-alert.svg?raw";
import x from "lucide-static/icons/x.svg?raw";

const ICONS = {
  ban,
  check,
  chevron,
  clock,
  copy,
  created,
  download,
  eye,
  eyeOff,
  failed,
  file,
  history,
  info,
  key,
  link,
  logOut,
  message,
  pause,
  plus,
  qrCode,
  retry,
  search,
  sending,
  shield,
  skipped,
  unknown,
  upload,
  user,
  users,
  warning,
  x,
};

export type IconName = keyof typeof ICONS;

export function Icon({ name }: { name: IconName }) {
  return <span class="icon" aria-hidden="true" dangerouslySetInnerHTML={{ __html: ICONS[name] }} />;
}
