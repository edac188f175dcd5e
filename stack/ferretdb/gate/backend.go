package gate

import (
	"bufio"
	"encoding/binary"
	"errors"
	"net"
)

// backend is the one connection to FerretDB that belongs to a client's connection.
type backend struct {
	conn   net.Conn
	reader *bufio.Reader
}

func (b *backend) ask(request []byte) ([]byte, error) {
	if _, err := b.conn.Write(request); err != nil {
		return nil, err
	}

	answer, err := readMessage(b.reader)
	if err != nil {
		return nil, err
	}
	if binary.LittleEndian.Uint32(answer[8:]) != binary.LittleEndian.Uint32(request[4:]) {
		return nil, errors.New("an answer to another request")
	}

	return answer, nil
}
