import { CORE } from "./core.ts";
import { SCHEMES } from "./schemes.ts";
import type { Subject } from "./subject.ts";

export const SUBJECTS: readonly Subject[] = [...SCHEMES, ...CORE];
