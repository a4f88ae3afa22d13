// Measures one group and tells its table.
import { groups } from "../groups.ts";
import { tell } from "./child.ts";

const [name = "", pace] = process.argv.slice(2);
tell(await groups.get(name)?.measure(pace === "quick"));
process.disconnect();
