// ct-log is a Certificate Transparency log, TesseraCT on plain files, in which a Fulcio on loopback records what it issues.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/transparency-dev/tessera"
	tesseraposix "github.com/transparency-dev/tessera/storage/posix"
	"github.com/transparency-dev/tesseract"
	"github.com/transparency-dev/tesseract/storage"
	"github.com/transparency-dev/tesseract/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:6962", "address to listen on")
	key := flag.String("key", "", "file with the log's ECDSA key (PKCS #8 in PEM)")
	roots := flag.String("roots", "", "file with the root certificates that the log accepts (PEM)")
	dir := flag.String("dir", "", "directory for the entries")
	flag.Parse()
	log.Fatal(serve(context.Background(), *listen, *key, *roots, *dir))
}

func serve(ctx context.Context, listen, key, roots, dir string) error {
	signer, err := readKey(key)
	if err != nil {
		return err
	}
	open := func(ctx context.Context, signer note.Signer) (*storage.CTStorage, error) { return openStorage(ctx, signer, dir) }
	accepted := tesseract.ChainValidationConfig{RootsPEMFile: roots, ExtKeyUsages: "CodeSigning"}
	limits := tesseract.LogHandlerOpts{MaxCertChainBytes: 1 << 20}
	// An origin with a port is refused, so the log is named after its host alone.
	handler, err := tesseract.NewLogHandler(ctx, "127.0.0.1", signer, accepted, open, 10*time.Second, false, "", limits)
	if err != nil {
		return err
	}
	return http.ListenAndServe(listen, handler)
}

func openStorage(ctx context.Context, signer note.Signer, dir string) (*storage.CTStorage, error) {
	driver, err := tesseraposix.New(ctx, tesseraposix.Config{Path: dir})
	if err != nil {
		return nil, err
	}
	appender, _, reader, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
		WithCTLayout().
		WithCheckpointSigner(signer).
		WithCheckpointInterval(time.Second).
		WithBatching(16, 20*time.Millisecond))
	if err != nil {
		return nil, err
	}
	issuers, err := posix.NewIssuerStorage(ctx, dir)
	if err != nil {
		return nil, err
	}
	return storage.NewCTStorage(ctx, &storage.CTStorageOptions{Appender: appender, Reader: reader, IssuerStorage: issuers})
}

func readKey(file string) (*ecdsa.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the key is not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("the key is not an ECDSA key")
	}
	return signer, nil
}
