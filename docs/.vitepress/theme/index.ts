// The default theme's parts in a look of their own, with the fonts of the reader's system.
import Theme from "vitepress/theme-without-fonts";
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import "./style.css";

// oxlint-disable-next-line import/no-default-export -- vitepress asks for it
export default Theme;
