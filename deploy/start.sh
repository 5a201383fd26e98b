#!/bin/sh
# What the image runs: the tables are brought up to date, then the server takes this process's place and hears its signals.
set -eu
calidez migrate
exec calidez serve --host 0.0.0.0 --port 8000
