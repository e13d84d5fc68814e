module github.com/castaway-kv/castaway

go 1.26
