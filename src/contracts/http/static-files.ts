/** Paths of files that the edge serves to everyone, without a key. The operations Worker has the files. */
export const STATIC_FILES = ['/docs/assets/*', '/console/assets/*', '/llms.txt']
