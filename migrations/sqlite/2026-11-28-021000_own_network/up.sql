-- Workers whose own network is gone, and since when. The PostgreSQL twin of this file has the same table and columns.
CREATE TABLE network_losses (
    owner TEXT NOT NULL PRIMARY KEY,
    lost_since INTEGER NOT NULL
) STRICT;
