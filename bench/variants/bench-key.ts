/** Long enough for every check of strength. Nothing outside the benchmark's own processes can be opened with it. */
export const BENCH_KEY = 'bench-key-bench-key-bench-key-000'
