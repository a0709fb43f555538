DELETE FROM events WHERE kind IN ('network_lost', 'network_back');
DROP TABLE network_losses;
