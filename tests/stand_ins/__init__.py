"""Real servers for tests and benchmarks: PostgreSQL, S3 (Ceph radosgw), and moto for the rest."""
