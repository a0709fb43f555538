-- Workers whose own network is gone, and since when. The SQLite twin of this file has the same table and columns.
CREATE TABLE network_losses (
    owner TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    lost_since BIGINT NOT NULL
);
