// PatternFly's log viewer, searched through its own search box. That takes text only, so a pattern is given to the
// function behind the box.
import { Toolbar, ToolbarContent, ToolbarItem } from "@patternfly/react-core";
import "@patternfly/react-core/dist/styles/base.css";
import { LogViewer, LogViewerSearch } from "@patternfly/react-log-viewer";
import { searchForKeyword } from "@patternfly/react-log-viewer/dist/esm/LogViewer/utils/utils.js";
import "@patternfly/react-log-viewer/dist/css/log-viewer.css";
import { createRoot } from "react-dom/client";

const root = document.getElementById("root");
let list;

async function until(holds) {
  while (!holds()) await new Promise(requestAnimationFrame);
}

export async function mount(log) {
  list = log.list;
  const search = (
    <Toolbar>
      <ToolbarContent>
        <ToolbarItem>
          <LogViewerSearch placeholder="Search" minSearchChars={1} />
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
  createRoot(root).render(<LogViewer data={list} height={660} width={1280} isTextWrapped={false} hasLineNumbers toolbar={search} />);
  await until(() => root.innerText.includes("example in"));
}

export const scroller = () =>
  [...root.querySelectorAll("*")].find(
    (it) => it.scrollHeight > it.clientHeight * 3 && /auto|scroll/.test(getComputedStyle(it).overflowY),
  );

export async function search({ text, regex }, expected) {
  if (regex) return searchForKeyword(text, list, list.length).length;
  const box = root.querySelector("input");
  const type = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  type.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  const counted = new RegExp(`/\\s*${expected}\\b`);
  await until(() => counted.test(root.innerText));
  return expected;
}
