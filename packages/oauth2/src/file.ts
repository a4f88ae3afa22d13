export { fileStore, type FileStoreOptions } from "./file/file-store.ts";
