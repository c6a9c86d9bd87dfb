import { render } from "preact";
import { App } from "./app";
import { language } from "./i18n";
import { startDesk } from "./desk";
import { startLive } from "./live";
import { resume } from "./session";
import { startRouter } from "./ui/router";
import "./style.css";

document.documentElement.lang = language.value;
startRouter();
startDesk();
startLive();
render(<App />, document.getElementById("app")!);
void resume().catch(() => undefined); // the page says that the server does not answer
