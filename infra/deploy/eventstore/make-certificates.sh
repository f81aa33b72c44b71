#!/bin/bash
# Makes the authority and one certificate a node, once. Clients get the authority's certificate alone; its key is thrown away, so that
# nobody can make another node. A lost or expired set is made anew by removing both volumes.
set -eu
cd /certificates
if [ ! -f done ]; then
  # What a run left that was broken off would be in the way.
  rm -rf ca node1 node2 node3
  es-gencert-cli create-ca -out ./ca
  for node in 1 2 3; do
    es-gencert-cli create-node -ca-certificate ./ca/ca.crt -ca-key ./ca/ca.key -out "./node$node" \
      -ip-addresses "127.0.0.1,172.30.7.1$node" -dns-names "localhost,eventstore-$node"
  done
  rm ./ca/ca.key
  chown -R 1000:1000 .
  touch done
fi
cp ./ca/ca.crt /public/ca.crt
chmod 644 /public/ca.crt
