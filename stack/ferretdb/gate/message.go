package gate

import (
	"encoding/binary"
	"fmt"
	"io"

	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

const (
	headerLength = 16
	opMsg        = 2013

	checksumLength = 4

	flagChecksum   = 1 << 0
	flagMoreToCome = 1 << 1

	// MongoDB's own limit of a message.
	maxMessage = 48_000_000
)

// readMessage returns one whole message of the wire protocol, header included.
func readMessage(r io.Reader) ([]byte, error) {
	header := make([]byte, headerLength)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, err
	}

	length := binary.LittleEndian.Uint32(header)
	if length < headerLength || length > maxMessage {
		return nil, fmt.Errorf("message of %d bytes", length)
	}

	message := make([]byte, length)
	copy(message, header)
	_, err := io.ReadFull(r, message[headerLength:])

	return message, err
}

func opCode(message []byte) uint32 {
	return binary.LittleEndian.Uint32(message[12:])
}

// reply is an answer to the request that holds this document.
func reply(request []byte, doc bsoncore.Document) []byte {
	message := messageOf(doc)
	copy(message[8:12], request[4:8])

	return message
}

// requestOf is another request under the id of this one.
func requestOf(request []byte, doc bsoncore.Document) []byte {
	message := messageOf(doc)
	copy(message[4:8], request[4:8])

	return message
}

func messageOf(doc bsoncore.Document) []byte {
	message := make([]byte, headerLength, headerLength+5+len(doc))
	binary.LittleEndian.PutUint32(message[12:], opMsg)
	message = append(message, 0, 0, 0, 0, 0)
	message = append(message, doc...)
	binary.LittleEndian.PutUint32(message, uint32(len(message)))

	return message
}

// replyDocument is the document of an answer.
func replyDocument(message []byte) (bsoncore.Document, error) {
	if opCode(message) != opMsg {
		return nil, fmt.Errorf("answer with code %d", opCode(message))
	}

	c, err := parseCommand(message)
	if err != nil {
		return nil, err
	}

	return c.body, nil
}
