-- The row of a commit or release also stands for the reservation before it, which was at `reserved_at`. Rows without
-- it stand for one movement each: receipts, adjustments, returns, and rows that earlier code wrote.
ALTER TABLE movements ADD COLUMN reserved_at INTEGER;
