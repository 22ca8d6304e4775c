import { programsAre } from "./programs-are.js";

programsAre("long");
