-- Names this installation. The session cookie is named after it: cookies are shared by all ports of a host, and two
-- servers there must not overwrite each other's.
INSERT INTO server VALUES ('installation', lower(hex(randomblob(4))));
